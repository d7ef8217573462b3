"""Helm's own library on a chart (lint, values' schema, templates), Kubernetes' own schemas on what comes of it.

In: {chart, kubernetes: [version], cases: [{name, values}]}. Out, for each case: {lint: [message], error, manifests:
{template: text}, findings: [text]}. Kinds that Kubernetes does not define are left to the caller.
"""

import contextlib
import json
import os
import sys

import helm_python
import kubernetes_validate
import yaml


def findings_of(manifests, versions):
    for template, text in manifests.items():
        for document in yaml.safe_load_all(text) if template.endswith(".yaml") else []:
            if document is None:
                continue
            for version in versions:
                where = f"{template} {document['kind']}/{document['metadata']['name']} in {version}"
                try:
                    kubernetes_validate.validate(document, version, strict=True)
                except kubernetes_validate.ValidationError as error:
                    yield f"{where}: {'.'.join(map(str, error.path))}: {error.message}"
                except kubernetes_validate.SchemaNotFoundError:
                    if document["apiVersion"].split("/")[0] not in ("keda.sh", "monitoring.coreos.com"):
                        yield f"{where}: Kubernetes has no such kind"


@contextlib.contextmanager
def quiet():
    """Helm logs by itself what it also returns."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def check(chart_folder, values, versions):
    report = helm_python.lint(chart_folder, values, strict=True)
    # 1: information.
    lint = [message["error"] for message in report["messages"] if message["severity"] > 1]
    try:
        with helm_python.Chart.load(chart_folder) as chart:
            chart.validate_schema(chart.merge_values(values))
            manifests = chart.render(values, name="inventory", namespace="security")
    except helm_python.HelmError as error:
        return {"lint": lint, "error": str(error), "manifests": {}, "findings": []}
    return {"lint": lint, "error": None, "manifests": manifests, "findings": list(findings_of(manifests, versions))}


request = json.load(sys.stdin)
with quiet():
    answers = {
        case["name"]: check(request["chart"], case["values"], request["kubernetes"]) for case in request["cases"]
    }
print("RESULT " + json.dumps(answers))
