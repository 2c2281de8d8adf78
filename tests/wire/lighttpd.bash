# A web server with the example configuration in front of `facectl api --cgi`: load it with "load lighttpd". The test calls serve.

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

