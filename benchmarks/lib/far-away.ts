import { connect, createServer, type Server, type Socket } from 'node:net'
import { createFlow } from './flow.ts'
import { createTimer } from './precise-timer.ts'

/** What happened on the way since `begin`. */
export interface Trips {
  /** The longest chain of round trips of which each waited for the one before it. */
  readonly roundTrips: number
  /** Connections that were opened, by origin. */
  readonly opened: readonly number[]
  /** The most that were open at once, by origin. */
  readonly mostOpen: readonly number[]
}

/** A machine in between that makes others far away. */
export interface FarAway {
  /** Ports of 127.0.0.1 that lead to the ports given to `forward`. */
  readonly ports: readonly number[]
  forward(ports: readonly number[]): void
  begin(): void
  end(): Trips
}

interface Origin {
  target: number
  open: Set<Socket>
  opened: number
  mostOpen: number
}

/**
 * Delays every byte by `delayMs` each way, between the first and the last byte of a handshake too: a TCP connect is
 * one round trip of its own, although this side has accepted at once.
 */
export async function createFarAway(origins: number, delayMs: number): Promise<FarAway> {
  const timer = createTimer()
  const all: Origin[] = Array.from({ length: origins }, () => ({
    target: 0,
    open: new Set(),
    opened: 0,
    mostOpen: 0,
  }))
  // The last round trip of which the client has heard. What it sends now belongs to the next.
  let heard = 0
  let heardBefore = 0
  const hear = (trip: number) => {
    heard = Math.max(heard, trip)
  }

  const accept = (origin: Origin, client: Socket) => {
    origin.opened += 1
    origin.open.add(client)
    origin.mostOpen = Math.max(origin.mostOpen, origin.open.size)
    const openAt = performance.now() + 2 * delayMs
    const connecting = heard + 1
    timer.at(openAt, () => hear(connecting))
    const server = connect({ host: '127.0.0.1', port: origin.target, noDelay: true })
    client.setNoDelay(true)
    // Of which the server has heard: it answers in that trip.
    let asked = 0
    const there = createFlow({
      timer,
      delayMs,
      openAt,
      deliver(bytes, trip) {
        asked = Math.max(asked, trip)
        server.write(bytes)
      },
    })
    const back = createFlow({
      timer,
      delayMs,
      openAt,
      deliver(bytes, trip) {
        hear(trip)
        client.write(bytes)
      },
    })
    const isOpen = () => performance.now() >= openAt
    client.on('data', (bytes) => there.send(bytes, isOpen() ? heard + 1 : connecting + 1))
    server.on('data', (bytes) => back.send(bytes, asked))
    client.on('end', () => there.end(() => server.end()))
    server.on('end', () => back.end(() => client.end()))
    client.on('error', () => server.destroy()).on('close', () => origin.open.delete(client))
    server.on('error', () => client.destroy())
    client.on('close', () => timer.at(performance.now() + delayMs, () => server.destroy()))
  }

  const servers = await Promise.all(
    all.map((origin) => listen(createServer({ allowHalfOpen: true }, (client) => accept(origin, client)))),
  )
  return {
    ports: servers,
    forward(ports) {
      for (const [index, origin] of all.entries()) origin.target = ports[index] ?? 0
    },
    begin() {
      heardBefore = heard
      for (const origin of all) Object.assign(origin, { opened: 0, mostOpen: origin.open.size })
    },
    end: () => ({
      roundTrips: heard - heardBefore,
      opened: all.map(({ opened }) => opened),
      mostOpen: all.map(({ mostOpen }) => mostOpen),
    }),
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('The proxy listens on no port'))
      else resolve(address.port)
    })
  })
}
