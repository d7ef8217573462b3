import type { CollectedRecord, SyncContext } from '../../sync.ts';
import type { PolicyStatement } from '../policy-document.ts';
import { listOf, readPolicyDocument, textOrNull, textsOf } from '../policy-document.ts';
import { jsonText } from '../python-text.ts';

const TYPE = 'cartography.aws.iam.PolicyStatement';

/** The statements of a managed or inline policy; withheld if its document cannot be read. */
export function statementRecords(
  context: SyncContext,
  policyId: string,
  documentText: string | undefined,
): Iterable<CollectedRecord> {
  const document = readPolicyDocument(documentText ?? '');
  if (document === undefined) {
    context.withhold(TYPE, `the document of policy ${policyId} is no policy`);
    return [];
  }
  // A Sid is unique, but one may look like a position.
  const records = new Map<string, CollectedRecord>();
  let position = 0;
  for (const statement of document.Statement) {
    const Id = `${policyId}/statement/${textOrNull(statement.Sid) || (position += 1)}`;
    records.set(Id, { type: TYPE, value: { Id, PolicyId: policyId, ...statementFields(statement) } });
  }
  return records.values();
}

function statementFields(statement: PolicyStatement) {
  return {
    Sid: textOrNull(statement.Sid),
    Effect: textOrNull(statement.Effect),
    Action: textsOrNull(statement.Action),
    NotAction: textsOrNull(statement.NotAction),
    Resource: textsOrNull(statement.Resource),
    NotResource: textsOrNull(statement.NotResource),
    Condition: statement.Condition === undefined ? null : jsonText(listOf(statement.Condition)),
  };
}

function textsOrNull(value: unknown): string[] | null {
  return value === undefined ? null : textsOf(value);
}
