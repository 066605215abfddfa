"""ministack with the resource types of our stacks that it does not know. They are checked as far as AWS's own rules are
simple, and make nothing: what runs behind them is no business of the deployment."""

import base64
import json
import re

from ministack.app import main
from ministack.services import ec2
from ministack.services.cloudformation import provisioners

HOST = "i-0d05c4e57a11e5000"
IMAGE = "ami-0d05c4e57a11e5000"


def document(logical_id, properties, stack_name):
    name, content = properties["Name"], properties["Content"]
    assert re.fullmatch(r"[a-zA-Z0-9_.-]{3,128}", name) and not re.match(r"aws|amazon|amzn", name, re.I), name
    assert content["schemaVersion"] == "2.2" and content["mainSteps"][0]["inputs"]["runCommand"], name
    assert len(json.dumps(content)) < 64 * 1024, name
    return name, {}


def instance(logical_id, properties, stack_name):
    # Only if the function behind the image resource has looked it up.
    assert properties["ImageId"] == IMAGE, properties["ImageId"]
    user_data = base64.b64decode(properties["UserData"])
    assert user_data.startswith(b"#!") and len(user_data) <= 16 * 1024, len(user_data)
    # One line of JSON, with all references resolved.
    settings = re.search(rb"settings\.json\" <<'\w+'\n(.*)\n", user_data)
    bucket = json.loads(settings[1])["bucket"]
    assert re.fullmatch(r"[a-z0-9.-]{3,63}", bucket), bucket
    return HOST, {}


def resource(create):
    return {
        "create": create,
        "update": lambda physical_id, old, new, stack_name: create("", new, stack_name),
        "delete": lambda physical_id, properties: None,
    }


provisioners._RESOURCE_HANDLERS["AWS::SSM::Document"] = resource(document)
provisioners._RESOURCE_HANDLERS["AWS::EC2::Instance"] = resource(instance)
ec2._STUB_AMIS.append(
    (IMAGE, "nixos/26.05.1.abcdef-x86_64-linux", "NixOS", "", "/dev/xvda", "427812963091", None)
)
main()
