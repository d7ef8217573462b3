"""boto3 clients of one account and region."""
import boto3
from botocore.config import Config

MANAGEMENT_ACCOUNT = "123456789012"
_CONFIG = Config(retries={"max_attempts": 1}, parameter_validation=False)


class Clients:
    """Makes a client per service on demand; `account` None stands for the management account."""

    def __init__(self, region, account=None):
        self.region = region
        self.account = account
        self._made = {}
        self._credentials = {}
        if account is not None:
            role = boto3.client("sts", region_name=region, config=_CONFIG).assume_role(
                RoleArn=f"arn:aws:iam::{account}:role/seed", RoleSessionName="seed")["Credentials"]
            self._credentials = {
                "aws_access_key_id": role["AccessKeyId"],
                "aws_secret_access_key": role["SecretAccessKey"],
                "aws_session_token": role["SessionToken"],
            }

    def __call__(self, service):
        if service not in self._made:
            self._made[service] = boto3.client(
                service, region_name=self.region, config=_CONFIG, **self._credentials)
        return self._made[service]

    def at(self, region):
        """The same account's clients of another region."""
        if region == self.region:
            return self
        return Clients(region, self.account)
