# api --cgi behind a real web server: lighttpd with TLS and the example configuration.

load ../cli/helper

bats_require_minimum_version 1.5.0

share=$BATS_TEST_DIRNAME/../../share/examples

setup_file() {
	command -v lighttpd >/dev/null || [ -x /usr/sbin/lighttpd ] || skip "lighttpd is not installed"
}

eval "helper_$(declare -f setup)"
setup() {
	helper_setup
	key=0123456789abcdef0123456789abcdef
	other=fedcba9876543210fedcba9876543210
	printf '# keys of the test\n%s\n%s spaces=cast\n' $key $other >keys
	chmod 600 keys
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout key.pem -out certificate.pem 2>/dev/null
	cat key.pem certificate.pem >server.pem
	sed -e "s|^exec facectl --gallery [^ ]*|exec $FACECTL --gallery $PWD/gallery|; s|--keys .*|--keys $PWD/keys|" "$share/facectl-cgi" >facectl-cgi
	chmod 755 facectl-cgi
	start_server
}

teardown() {
	kill "$(cat server.pid)" 2>/dev/null || true
}

# The port is chosen at random; another one is tried if it is taken.
start_server() {
	local port
	for _ in 1 2 3 4 5 6 7 8; do
		port=$((20000 + RANDOM % 20000))
		sed -e "s|^var.port.*|var.port = $port|; s|^var.certificate.*|var.certificate = \"$PWD/server.pem\"|" \
			-e "s|^var.program.*|var.program = \"$PWD/facectl-cgi\"|; s|/var/empty|$PWD|" "$share/lighttpd.conf" >lighttpd.conf
		echo "server.bind = \"127.0.0.1\"" >>lighttpd.conf
		echo "server.pid-file = \"$PWD/server.pid\"" >>lighttpd.conf
		echo "server.errorlog = \"$PWD/server.log\"" >>lighttpd.conf
		echo "server.breakagelog = \"$PWD/errors.log\"" >>lighttpd.conf
		if PATH=$PATH:/usr/sbin lighttpd -f lighttpd.conf; then
			url=https://localhost:$port
			return
		fi
	done
	cat server.log >&2
	return 1
}

# ask METHOD PATH [CURL-OPTION...]: the body goes to $output, the HTTP status to $http.
ask() {
	local method=$1 path=$2
	shift 2
	run -0 curl --silent --show-error --cacert certificate.pem --request "$method" --write-out '\n%{http_code}' "$@" "$url$path"
	http=${output##*$'\n'}
	output=${output%$'\n'*}
}

@test "a request without a key, or with a wrong one, is refused before its body is read" {
	ask GET /face/v1.0/persongroups
	[ "$http" = 401 ]
	[[ $output == *'"code":"401"'* ]]
	ask GET /face/v1.0/persongroups --header "Ocp-Apim-Subscription-Key: ${key%f}"
	[ "$http" = 401 ]
	head -c 3000000 /dev/zero >big
	ask POST /face/v1.0/detect --header "Ocp-Apim-Subscription-Key: x" --header 'Content-Type: application/octet-stream' --data-binary @big
	[ "$http" = 401 ]
}

@test "errors are those of the API, with its header" {
	ask PUT /face/v1.0/persongroups/UPPER --header "Ocp-Apim-Subscription-Key: $key" --json '{"name":"x"}' --dump-header headers
	[ "$http" = 400 ]
	[ "$output" = '{"error":{"code":"BadArgument","message":"Person group ID is invalid."}}' ]
	grep -qi '^x-ms-error-code: BadArgument' headers
	grep -qi '^apim-request-id: [0-9a-f-]*' headers
	ask GET /face/v1.0/nothing --header "Ocp-Apim-Subscription-Key: $key"
	[ "$http" = 404 ]
	ask DELETE /face/v1.0/detect --header "Ocp-Apim-Subscription-Key: $key"
	[ "$http" = 405 ]
}

@test "a key with spaces reaches only those" {
	ask GET /face/v1.0/persongroups/crew --header "Ocp-Apim-Subscription-Key: $other"
	[ "$http" = 403 ]
	[[ $output == *Forbidden* ]]
	ask POST /face/v1.0/identify --header "Ocp-Apim-Subscription-Key: $other" \
		--json '{"personGroupId":"crew","faceIds":["0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4"]}'
	[ "$http" = 403 ]
}

@test "without a file of keys, or with one that others can read, nobody is let in and the log has the reason" {
	chmod 644 keys
	ask GET /face/v1.0/persongroups --header "Ocp-Apim-Subscription-Key: $key"
	[ "$http" = 500 ]
	[[ $output != *"$PWD"* ]]
	grep -q "others may read the file of keys" errors.log
	rm keys
	ask GET /face/v1.0/persongroups --header "Ocp-Apim-Subscription-Key: $key"
	[ "$http" = 500 ]
}

@test "--cgi at a terminal is explained" {
	run -2 --separate-stderr "$FACECTL" api --cgi
	[[ $stderr == *"for web servers"* ]]
}
