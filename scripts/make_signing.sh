#!/bin/sh
# Makes fixtures/signing anew: a root, a signer under it, and the signer's key, for tests of signed
# C2PA manifests. Nobody outside the tests trusts them. Needs openssl.
#
#     scripts/make_signing.sh fixtures/signing
set -eu
folder=$1
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
days=36500
for name in root signer; do
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out "$work/$name.key"
done
openssl req -x509 -key "$work/root.key" -out "$work/root.pem" -days $days \
    -subj "/O=Example/CN=Example test root" -addext keyUsage=critical,keyCertSign
openssl req -new -key "$work/signer.key" -out "$work/signer.csr" \
    -subj "/O=Example/CN=Ada Example"
# What the certificate profile of C2PA asks for (Technical Specification 2.2, section 14.5).
cat >"$work/extensions" <<'END'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=emailProtection
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
END
openssl x509 -req -in "$work/signer.csr" -CA "$work/root.pem" -CAkey "$work/root.key" \
    -CAcreateserial -days $days -extfile "$work/extensions" -out "$folder/signer.pem"
cp "$work/root.pem" "$work/signer.key" "$folder"
