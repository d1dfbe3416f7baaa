import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** What was asked of the model, as OpenAI's API has it. */
export interface Asked {
  model: string
  temperature?: number
  messages: { role: string; content: string }[]
}

/** A service on loopback: a model that answers `say: x` with `x`, and a judge. */
export interface Model extends AsyncDisposable {
  readonly url: string
  readonly asked: readonly Asked[]
  /** Paths of requests that are for neither. */
  readonly others: readonly string[]
}

export async function startModel(): Promise<Model> {
  const asked: Asked[] = []
  const others: string[] = []
  const server = createServer(async (request, response) => {
    const { url = '' } = request
    const body = await text(request)
    response.setHeader('content-type', 'application/json')
    if (url === '/v1/chat/completions') {
      const question: Asked = JSON.parse(body)
      asked.push(question)
      const content = question.messages.at(-1)?.content.replace(/^say: /, '')
      const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }]
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
      response.end(
        JSON.stringify({ id: 'a', object: 'chat.completion', created: 1, model: 'mock', choices, usage }),
      )
      return
    }
    if (url === '/judge') {
      response.end(JSON.stringify({ score: JSON.parse(body).length / 10 }))
      return
    }
    others.push(url)
    response.writeHead(400).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    others,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
