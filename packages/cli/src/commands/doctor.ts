import { command, type Define } from '../command.ts'

export const doctor: Define = (start) =>
  command('doctor', 'check what an upload needs, and say how to mend it', ['doctor']).action((options) =>
    start('doctor', options, async (context) => (await import('../run/doctor.ts')).doctor(context)),
  )
