import { ListSAMLProvidersCommand } from '@aws-sdk/client-iam';
import type { CollectedRecord } from '../../sync.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';

/** SAML identity providers; IAM lists them in one page. */
export async function* collectSamlProviders({ context, client }: IamReader): AsyncGenerator<CollectedRecord> {
  const answer = await client.send(new ListSAMLProvidersCommand({}), { abortSignal: context.signal });
  for (const provider of answer.SAMLProviderList ?? []) {
    const Arn = required(provider.Arn, 'ListSAMLProviders SAMLProviderList.Arn');
    yield {
      type: 'cartography.aws.iam.SAMLProvider',
      value: {
        Arn,
        Name: Arn.slice(Arn.lastIndexOf('/') + 1),
        CreateDate: provider.CreateDate?.getTime() ?? null,
        ValidUntil: provider.ValidUntil?.getTime() ?? null,
      },
    };
  }
}
