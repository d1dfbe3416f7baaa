import { createHash, createHmac } from 'node:crypto'
import type { FlavourOptions, SignedTarget, StoreFlavour } from './flavour.ts'
import { StoreRefusal } from './refusal.ts'
import { encodeRfc3986, type V4Request } from './v4-sign.ts'

const version = '2024-11-04'

/** Azure Blob Storage with service SAS. https://learn.microsoft.com/rest/api/storageservices/create-service-sas */
export function createAzure({ origin, privateKeyPem }: FlavourOptions): StoreFlavour {
  const key = createHash('sha256').update(privateKeyPem).digest()
  const signature = (path: string, permissions: string, expiry: string): string => {
    const resource = `/blob${decodeURIComponent(path)}`
    // sp, st, se, resource, si, sip, spr, sv, sr, snapshot, encryption scope, rscc, rscd, rsce, rscl, rsct
    const text = [permissions, '', expiry, resource, '', '', '', version, 'b', '', '', '', '', '', '', '']
    return createHmac('sha256', key).update(text.join('\n')).digest('base64')
  }
  const url = ({ path, now, expiresSeconds }: SignedTarget, permissions: string): string => {
    const expiry = `${new Date(now.getTime() + expiresSeconds * 1000).toISOString().slice(0, 19)}Z`
    const query = {
      sv: version,
      se: expiry,
      sr: 'b',
      sp: permissions,
      sig: signature(path, permissions, expiry),
    }
    const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeRfc3986(value)}`)
    return `${origin}${path}?${pairs.join('&')}`
  }
  return {
    uploadUrl: (target) => url(target, 'cw'),
    downloadUrl: (target) => url(target, 'r'),
    verify(request, now) {
      const { se = '', sp = '', sig = '' } = Object.fromEntries(request.query)
      const allowed = request.method === 'PUT' ? sp.includes('w') : sp.includes('r')
      if (signature(request.path, sp, se) !== sig) throw failed('Signature did not match.')
      if (now > new Date(se)) throw failed(`Signed expiry time [${se}] has to be after signed start time.`)
      if (!allowed) {
        throw new StoreRefusal(
          403,
          'AuthorizationPermissionMismatch',
          'This request is not authorized to perform this operation using this permission.',
        )
      }
      if (request.method === 'PUT') checkBlobType(request)
    },
    checkSize() {},
    refusesChunked: new StoreRefusal(411, 'MissingContentLengthHeader', 'Content-Length was not set.'),
    refusesCredential: failed('An Authorization header came with a shared access signature.'),
    noSuchObject: new StoreRefusal(404, 'BlobNotFound', 'The specified blob does not exist.'),
    putAnswer: ({ generation, md5 }) => ({
      status: 201,
      headers: {
        etag: `"0x${BigInt(generation).toString(16).toUpperCase()}"`,
        'content-md5': Buffer.from(md5, 'hex').toString('base64'),
        'x-ms-request-server-encrypted': 'true',
      },
    }),
    objectHeaders: ({ generation, md5 }) => ({
      etag: `"0x${BigInt(generation).toString(16).toUpperCase()}"`,
      // Content-MD5 of a part would be of that part; this header is of the whole blob in both cases.
      'x-ms-blob-content-md5': Buffer.from(md5, 'hex').toString('base64'),
      'x-ms-blob-type': 'BlockBlob',
    }),
    commonHeaders: (requestId) => ({
      server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0',
      'x-ms-request-id': requestId,
      'x-ms-version': version,
    }),
  }
}

function failed(detail: string): StoreRefusal {
  return new StoreRefusal(403, 'AuthenticationFailed', 'Server failed to authenticate the request.', {
    AuthenticationErrorDetail: detail,
  })
}

function checkBlobType({ headers }: V4Request): void {
  if (headers['x-ms-blob-type'] === 'BlockBlob') return
  throw new StoreRefusal(400, 'MissingRequiredHeader', 'An HTTP header that is mandatory is not specified.', {
    HeaderName: 'x-ms-blob-type',
  })
}
