# All operations of the Azure Face API by Microsoft's own client, against lighttpd and `facectl api --cgi`.

load ../cli/helper
load lighttpd

bats_require_minimum_version 1.5.0

# The packages are installed once, into the build folder.
client_folder=${CLIENT_FOLDER:?the folder for npm packages}

install_client() {
	command -v npm >/dev/null || skip "npm is not installed"
	[ -d "$client_folder/node_modules/@azure/cognitiveservices-face" ] && return
	mkdir -p "$client_folder"
	cp "$BATS_TEST_DIRNAME"/microsoft/* "$client_folder"
	(cd "$client_folder" && timeout 100 npm install --no-package-lock --no-audit --no-fund --silent) || skip "npm cannot reach its registry"
}

@test "Microsoft's client performs all 63 operations" {
	install_client
	mkdir photos
	draw photos/amy1.jpg ada 1
	draw photos/amy2.jpg ada 2
	draw photos/bob1.jpg bruno 1
	draw photos/bob2.jpg bruno 2
	sed -i "s/^exec /exec env FACECTL_FETCH_URLS=any /" facectl-cgi
	python3 -m http.server --bind 127.0.0.1 --directory photos 0 >photos.log 2>&1 &
	photos_server=$!
	until grep -q 'port [0-9]' photos.log; do sleep 0.05; done
	photos_port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' photos.log)
	cp "$BATS_TEST_DIRNAME"/microsoft/client.mjs "$client_folder"
	subscription=0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4
	printf '%s subscription=%s\n' "$key" "$subscription" >keys
	run -0 env ENDPOINT="$url" KEY="$key" SUBSCRIPTION="$subscription" NODE_EXTRA_CA_CERTS="$PWD/certificate.pem" \
		node "$client_folder/client.mjs" "$PWD/photos" "http://127.0.0.1:$photos_port"
	kill $photos_server
	# the 63 of the description, and the 6 that take a stream or a person instead
	[[ $output == *"69 operations" ]]
}
