# SPDX-License-Identifier: Apache-2.0
"""The bill of materials of an image, as SPDX 2.3 in JSON."""
import re
from urllib.parse import quote


def bill(image, build, created, archives):
    """`image`: its digest; `build`: what `headwind version --json` says; `archives`: Debian's packages in it."""
    packages = [
        {
            "SPDXID": "SPDXRef-headwind",
            "name": "headwind",
            "versionInfo": build["version"],
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": "Apache-2.0",
            "licenseDeclared": "Apache-2.0",
            "copyrightText": "NOASSERTION",
            "sourceInfo": f"commit {build['commit']}",
            "checksums": [{"algorithm": "SHA256", "checksumValue": image.split(":")[1]}],
            "primaryPackagePurpose": "CONTAINER",
        }
    ]
    for archive in archives:
        packages.append(
            {
                "SPDXID": "SPDXRef-deb-" + re.sub(r"[^A-Za-z0-9.-]", "-", archive.name),
                "name": archive.name,
                "versionInfo": archive.version,
                "supplier": "Organization: Debian",
                "downloadLocation": "NOASSERTION",
                "filesAnalyzed": False,
                "licenseConcluded": "NOASSERTION",
                "licenseDeclared": "NOASSERTION",
                "copyrightText": "NOASSERTION",
                "comment": f"its licence: /usr/share/doc/{archive.name}/copyright.gz in the image",
                "checksums": [{"algorithm": "SHA256", "checksumValue": archive.sha256}],
                "externalRefs": [
                    {
                        "referenceCategory": "PACKAGE-MANAGER",
                        "referenceType": "purl",
                        "referenceLocator": f"pkg:deb/debian/{archive.name}@{quote(archive.version, safe='')}"
                        f"?arch={archive.architecture}&distro=debian-12",
                    }
                ],
            }
        )
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-headwind"}]
    for package in packages[1:]:
        relations.append(
            {"spdxElementId": "SPDXRef-headwind", "relationshipType": "CONTAINS", "relatedSpdxElement": package["SPDXID"]}
        )
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"headwind-{build['version']}",
        "documentNamespace": f"https://headwind.sh/spdx/{image}",
        "creationInfo": {"created": created, "creators": ["Tool: headwind-image"]},
        "packages": packages,
        "relationships": relations,
    }
