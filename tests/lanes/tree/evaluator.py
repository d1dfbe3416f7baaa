from eval_protocol.pytest import evaluation_test


@evaluation_test()
def test_score(row):
    return row
