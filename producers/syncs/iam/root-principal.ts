/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts */
export function rootPrincipalArn(partition: string, accountId: string): string {
  return `arn:${partition}:iam::${accountId}:root`;
}
