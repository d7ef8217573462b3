"""Builds a repeatable estate inside this process's moto backends."""
import random
import time

import more_steps
import random_ec2_steps
import random_steps
import varied_steps
from clients import MANAGEMENT_ACCOUNT, Clients
from ec2_steps import instances, network
from iam_steps import iam, kms
from s3_steps import s3

CORE_GLOBAL_STEPS = {"iam": iam, "s3": s3}
CORE_REGIONAL_STEPS = {"network": network, "kms": kms, "instances": instances}
GLOBAL_STEPS = {**CORE_GLOBAL_STEPS, **more_steps.GLOBAL, **varied_steps.GLOBAL, **random_steps.GLOBAL}
# The order matters: elb needs the network and the instances, and so on.
REGIONAL_STEPS = {**CORE_REGIONAL_STEPS, **more_steps.REGIONAL, **varied_steps.REGIONAL, **random_steps.REGIONAL,
                  **random_ec2_steps.REGIONAL}
CORE = [*CORE_GLOBAL_STEPS, *CORE_REGIONAL_STEPS]
ALL = [*GLOBAL_STEPS, *REGIONAL_STEPS]


class Context:
    """What a step knows: where it works, how much it makes, and what earlier steps of the same place made."""

    def __init__(self, options, counts, account, region, peers, made):
        self.account = account
        self.region = region
        self.regions = options["regions"]
        self.peers = peers
        self.instances = options["instances"]
        self.random = random.Random(f"{options['seed']}/{account}/{region}")
        self.made = made
        self._scale = options["scale"]
        self._counts = counts

    def scaled(self, base):
        return max(1, round(base * self._scale))

    def count(self, kind, number=1):
        self._counts[kind] = self._counts.get(kind, 0) + number


def build_estate(options):
    steps = chosen_steps(options)
    started, counts, failures, seconds = time.perf_counter(), {}, {}, {}
    organization, accounts = build_organization(options["accounts"], options["organizationalUnits"])
    regions = options["regions"]
    for account in ([MANAGEMENT_ACCOUNT] if options["seedManagement"] else []) + accounts:
        peers = [other for other in accounts if other != account] or [MANAGEMENT_ACCOUNT]
        made = {}
        member = None if account == MANAGEMENT_ACCOUNT else account

        def run(names, region, made):
            context = Context(options, counts, account, region, peers, made)
            clients = Clients(region, member)
            for name, step in names.items():
                if name not in steps:
                    continue
                began = time.perf_counter()
                try:
                    step(clients, context)
                except Exception as error:
                    failures.setdefault(name, f"{type(error).__name__}: {str(error)[:300]}")
                seconds[name] = round(seconds.get(name, 0) + time.perf_counter() - began, 2)

        run(GLOBAL_STEPS, regions[0], made)
        for region in regions:
            run(REGIONAL_STEPS, region, dict(made))
    make_defaults(regions)
    return {
        "organizationId": organization,
        "managementAccountId": MANAGEMENT_ACCOUNT,
        "accountIds": accounts,
        "regions": regions,
        "counts": counts,
        "failures": failures,
        "secondsByStep": seconds,
        "seconds": round(time.perf_counter() - started, 2),
    }


def make_defaults(regions):
    """moto makes a default VPC and the like when a region is first asked: now, so that their ids do not depend on who asks."""
    for region in regions:
        Clients(region)("ec2").describe_vpcs()


def chosen_steps(options):
    only = options["only"] or CORE
    names = ALL if only == "all" else only
    unknown = [name for name in [*names, *options["skip"]] if name not in ALL]
    if unknown:
        raise SystemExit(f"unknown steps {', '.join(unknown)}; there are {', '.join(ALL)}")
    return [name for name in names if name not in options["skip"]]


def build_organization(account_count, unit_count):
    """Organizational units form a binary tree below the root; accounts are dealt out to the root and all units in turn."""
    api = Clients("us-east-1")("organizations")
    organization = api.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    root = api.list_roots()["Roots"][0]["Id"]
    parents = [root]
    for index in range(unit_count):
        unit = api.create_organizational_unit(ParentId=parents[(index + 1) // 2], Name=f"ou-{index}")
        parents.append(unit["OrganizationalUnit"]["Id"])
    accounts = []
    for index in range(account_count):
        account = api.create_account(Email=f"acct{index}@example.test", AccountName=f"acct-{index}")[
            "CreateAccountStatus"]["AccountId"]
        parent = parents[index % len(parents)]
        if parent != root:
            api.move_account(AccountId=account, SourceParentId=root, DestinationParentId=parent)
        accounts.append(account)
    return organization, accounts
