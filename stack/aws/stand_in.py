"""Seeds an AWS estate in process (no HTTP: many times faster) and serves it until the process is ended.

usage: stand_in.py OPTIONS SUMMARY
  OPTIONS  JSON: host (default 127.0.0.1), port, accounts, organizationalUnits, regions, instances, scale, seed, seedManagement, only, skip,
           clock
  SUMMARY  the file that the estate's description is written to once the server listens
"""
import json
import logging
import os
import sys

# Before moto and boto3 are imported: both read these then.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ.update(
    AWS_ACCESS_KEY_ID="AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY="example",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
    # Hundreds of images in each account and region, which take most of the time and of the memory.
    MOTO_EC2_LOAD_DEFAULT_AMIS="false",
)

import clock  # noqa: E402

clock.install()

from moto import mock_aws  # noqa: E402
from moto.moto_api._internal import mock_random  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

from control import Control, create_app  # noqa: E402
from estate import build_estate  # noqa: E402
from moto_patches import patch_moto  # noqa: E402

LOOPBACK = "127.0.0.1"


def main():
    options = json.loads(sys.argv[1])
    summary_file = sys.argv[2]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    patch_moto()
    mock = mock_aws(config={"lambda": {"use_docker": False}, "batch": {"use_docker": False}})
    mock.start(reset=True)
    mock_random.seed(options["seed"])
    with clock.stopped(options.get("clock")):
        summary = build_estate(options)
    mock.stop(remove_data=False)

    application = Control(DomainDispatcherApplication(create_app))
    server = make_server(options.get("host", LOOPBACK), options["port"], application, threaded=True, request_handler=MotoRequestHandler)
    unfinished = f"{summary_file}.unfinished"
    with open(unfinished, "w") as file:
        json.dump(summary, file)
    os.replace(unfinished, summary_file)
    server.serve_forever()


main()
