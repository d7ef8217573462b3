"""Findings of cfn-lint for templates and of parliament for policies; the resources of Terraform modules, their documents decoded."""

import json
import re
import sys

import cfnlint.api
import cfnlint.config
import cfnlint.core
import hcl2
import parliament


def lint_template(text: str, regions: list[str]) -> list[str]:
    """One line a finding, warnings and informational ones too."""
    config = cfnlint.config.ManualArgs(regions=regions, include_checks=["I", "W", "E"])
    return [f"{match.rule.id} {match.message}" for match in cfnlint.api.lint(text, config=config)]


def analyze_policy(document: object) -> list[str]:
    policy = parliament.analyze_policy_string(json.dumps(document))
    return [f"{finding.issue} {finding.detail} {finding.location}" for finding in policy.findings]


def decode(value: object) -> object:
    """Texts without their quotes; what jsonencode is given as an object."""
    if isinstance(value, dict):
        return {decode(key): decode(item) for key, item in value.items() if key != "__is_block__"}
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, str):
        return value
    encoded = re.fullmatch(r"\$\{jsonencode\((.*)\)\}", value, re.DOTALL)
    if encoded:
        return decode(hcl2.loads(f"document = {encoded[1]}\n")["document"])
    return value[1:-1] if value.startswith('"') else value


def main() -> None:
    given = json.load(sys.stdin)
    result = {
        "templates": [lint_template(one["text"], one["regions"]) for one in given.get("templates", [])],
        "policies": [analyze_policy(one) for one in given.get("policies", [])],
        "modules": [decode(hcl2.loads(text)) for text in given.get("modules", [])],
    }
    print("RESULT " + json.dumps(result))


main()
