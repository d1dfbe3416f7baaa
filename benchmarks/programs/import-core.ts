/** What importing core alone costs. */
import '@fw/evaluator-core'
