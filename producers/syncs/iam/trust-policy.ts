import type { PolicyDocument } from '../policy-document.ts';
import { isObject, textsOf } from '../policy-document.ts';

/** Whom a trust policy names. */
export interface TrustedPrincipal {
  kind: 'AWS' | 'Service' | 'Federated';
  /** ARN, name of a service or provider, or `*`. */
  name: string;
}

/**
 * The principals of every statement. As in the reference, neither effect nor conditions count: the edge says that the
 * policy names them, and who may assume the role is worked out later. A statement with NotPrincipal names nobody.
 */
export function trustedPrincipals({ Statement }: PolicyDocument): TrustedPrincipal[] {
  return Statement.flatMap(({ Principal }) => {
    const byKind = isObject(Principal) ? Principal : { AWS: Principal };
    return (['AWS', 'Service', 'Federated'] as const).flatMap((kind) =>
      textsOf(byKind[kind]).map((name) => ({ kind, name })),
    );
  });
}
