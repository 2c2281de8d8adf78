"""Certificates made for one run of the tests, by openssl: an authority, a good server, and bad ones."""
# SPDX-License-Identifier: MIT

import os
import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_key(path):
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", path)


def self_signed(folder, name, subject, extension):
    key, certificate = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".pem")
    make_key(key)
    openssl("req", "-x509", "-new", "-key", key, "-days", "2", "-subj", subject, "-addext", extension, "-out", certificate)
    return key, certificate


def signed(folder, name, authority, alternative_names, days):
    key, request = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".csr")
    certificate, extension = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".ext")
    make_key(key)
    with open(extension, "w", encoding="ascii") as file:
        file.write(f"subjectAltName={alternative_names}\n")
    openssl("req", "-new", "-key", key, "-subj", "/CN=" + name, "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", authority[1], "-CAkey", authority[0], "-CAcreateserial",
            "-days", str(days), "-extfile", extension, "-out", certificate)
    return key, certificate


def make_all(folder):
    """Key and certificate of each server, and the authority's certificate."""
    authority = self_signed(folder, "authority", "/CN=test authority", "basicConstraints=critical,CA:TRUE")
    here = "DNS:localhost,IP:127.0.0.1"
    return {
        "authority": authority[1],
        "good": signed(folder, "good", authority, here, 2),
        "wrong-host": signed(folder, "wrong-host", authority, "DNS:elsewhere.example", 2),
        "expired": signed(folder, "expired", authority, here, -1),
        "self-signed": self_signed(folder, "self-signed", "/CN=localhost", "subjectAltName=" + here),
    }
