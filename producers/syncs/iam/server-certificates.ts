import { paginateListServerCertificates } from '@aws-sdk/client-iam';
import type { CollectedRecord } from '../../sync.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';

/** Certificates that are kept in IAM instead of Certificate Manager. */
export async function* collectServerCertificates({ context, client }: IamReader): AsyncGenerator<CollectedRecord> {
  const pages = paginateListServerCertificates({ client, pageSize: 1000 }, {}, { abortSignal: context.signal });
  for await (const page of pages) {
    for (const certificate of page.ServerCertificateMetadataList ?? []) {
      yield {
        type: 'cartography.aws.iam.ServerCertificate',
        value: {
          ServerCertificateId: required(certificate.ServerCertificateId, 'ListServerCertificates ServerCertificateId'),
          ServerCertificateName: required(
            certificate.ServerCertificateName,
            'ListServerCertificates ServerCertificateName',
          ),
          Arn: certificate.Arn ?? null,
          Path: certificate.Path ?? null,
          Expiration: certificate.Expiration?.getTime() ?? null,
          UploadDate: certificate.UploadDate?.getTime() ?? null,
        },
      };
    }
  }
}
