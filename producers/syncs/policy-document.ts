/** A policy as JSON; whoever wrote it may have left anything out. */
export interface PolicyDocument {
  Id: string | null;
  Version: string | null;
  Statement: PolicyStatement[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyStatement {
  Sid?: unknown;
  Effect?: unknown;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: unknown;
}

/**
 * Reads a policy. IAM sends it percent-encoded (RFC 3986), S3 as it is; a single statement may stand without a list.
 * @returns undefined for text that is no JSON object.
 */
export function readPolicyDocument(text: string): PolicyDocument | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text.trimStart().startsWith('{') ? text : decodeURIComponent(text));
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  return {
    Id: textOrNull(json['Id']),
    Version: textOrNull(json['Version']),
    Statement: listOf(json['Statement']).filter(isObject),
  };
}

/** What a policy writes as one value or as a list. Missing: an empty list. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The same for names and ARNs; anything but text is left out. */
export function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
