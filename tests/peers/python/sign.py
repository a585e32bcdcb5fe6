"""Signs the URLs of an upload's parts with boto3: sign.py version|first|time REQUEST"""

import datetime
import json
import sys
import time

import boto3
import botocore.auth
from botocore.config import Config


def client(request):
    return boto3.client(
        "s3",
        endpoint_url=request["endpoint"],
        region_name=request["region"],
        aws_access_key_id=request["access_key"],
        aws_secret_access_key=request["secret_key"],
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
        ),
    )


def sign(s3, request):
    parameters = {
        "Bucket": request["bucket"],
        "Key": request["key"],
        "UploadId": request["upload_id"],
        "ContentLength": request["content_length"],
    }
    return [
        s3.generate_presigned_url(
            "upload_part",
            Params=parameters | {"PartNumber": number},
            ExpiresIn=request["expires"],
            HttpMethod="PUT",
        )
        for number in range(1, request["urls"] + 1)
    ]


def main():
    what, request = sys.argv[1], json.loads(sys.argv[2])
    if what == "version":
        print(f"boto3 {boto3.__version__} on Python {sys.version.split()[0]}")
        return
    s3 = client(request)
    if what == "first":
        # Only for the comparison: boto3 takes no time for its signatures.
        moment = datetime.datetime.fromtimestamp(request["time"], datetime.timezone.utc)
        botocore.auth.get_current_datetime = lambda remove_tzinfo=True: (
            moment.replace(tzinfo=None) if remove_tzinfo else moment
        )
        print(sign(s3, request | {"urls": 1})[0])
        return
    sign(s3, request | {"urls": min(request["urls"], 200)})
    begun = time.perf_counter()
    sign(s3, request)
    print(time.perf_counter() - begun)


main()
