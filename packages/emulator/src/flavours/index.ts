import type { StoreFlavourName } from '../options.ts'
import { createAzure } from './azure.ts'
import type { FlavourOptions, StoreFlavour } from './flavour.ts'
import { createGcs } from './gcs.ts'
import { createS3 } from './s3.ts'

export const flavours: Record<StoreFlavourName, (options: FlavourOptions) => StoreFlavour> = {
  gcs: createGcs,
  s3: createS3,
  azure: createAzure,
}
