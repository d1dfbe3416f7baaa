import { fwEvaluator } from '@fw/vite-plugin'

// What must not compile.
// @ts-expect-error evaluatorId is required
fwEvaluator({})
// @ts-expect-error no such option
fwEvaluator({ evaluatorId: 'a', evalutor: {} })
// @ts-expect-error the source is the build's output
fwEvaluator({ evaluatorId: 'a', source: '.' })
// @ts-expect-error a list
fwEvaluator({ evaluatorId: 'a', include: '*.py' })
// @ts-expect-error one of two words, or a function
fwEvaluator({ evaluatorId: 'a', onError: 'ignore' })
