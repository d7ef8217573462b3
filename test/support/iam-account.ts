import type {
  GetAccountAuthorizationDetailsCommandInput,
  GroupDetail,
  ManagedPolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam';
import { IAMServiceException } from '@aws-sdk/client-iam';
import type { Responses } from './collect.ts';

export interface IamAccount {
  /** Of each kind a list of pages. */
  groups?: GroupDetail[][];
  users?: UserDetail[][];
  roles?: RoleDetail[][];
  policies?: ManagedPolicyDetail[][];
  /** Answers to other operations, or to GetAccountAuthorizationDetails as a whole. */
  responses?: Responses;
}

/** Answers of IAM for an account; what is left out is empty. */
export function iamResponses({ groups, users, roles, policies, responses }: IamAccount): Responses {
  const pages = { Group: groups, User: users, Role: roles, LocalManagedPolicy: policies, AWSManagedPolicy: policies };
  return {
    GetAccountAuthorizationDetails: ({ Filter = [], Marker = '0' }: GetAccountAuthorizationDetailsCommandInput) => {
      const kind = Filter[0]!;
      const page = Number(Marker);
      const ofKind: object[][] = pages[kind] ?? [];
      const isLast = page >= ofKind.length - 1;
      const field = { Group: 'GroupDetailList', User: 'UserDetailList', Role: 'RoleDetailList' }[kind as string];
      return {
        [field ?? 'Policies']: ofKind[page] ?? [],
        IsTruncated: !isLast,
        ...(isLast ? {} : { Marker: String(page + 1) }),
      };
    },
    ListUsers: () => ({ Users: [] }),
    ListAccessKeys: () => ({ AccessKeyMetadata: [] }),
    ListMFADevices: () => ({ MFADevices: [] }),
    ListSAMLProviders: () => ({ SAMLProviderList: [] }),
    ListServerCertificates: () => ({ ServerCertificateMetadataList: [] }),
    GetAccountSummary: () => ({ SummaryMap: {} }),
    GenerateServiceLastAccessedDetails: () => ({ JobId: 'job' }),
    GetServiceLastAccessedDetails: () => ({ JobStatus: 'COMPLETED', ServicesLastAccessed: [], IsTruncated: false }),
    ...responses,
  };
}

/** As the SDK throws it. */
export function iamError(name: string, message = name): IAMServiceException {
  return new IAMServiceException({ name, message, $fault: 'client', $metadata: {} });
}

/** A policy document as IAM sends it. */
export function encoded(document: unknown): string {
  return encodeURIComponent(JSON.stringify(document));
}

/** A policy of these statements. */
export function policyOf(...statements: object[]): string {
  return encoded({ Version: '2012-10-17', Statement: statements });
}
