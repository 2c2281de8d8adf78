# api --cgi behind a real web server: lighttpd with TLS and the example configuration.

load ../cli/helper
load lighttpd

bats_require_minimum_version 1.5.0

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

@test "the Smarty API: the key is the token, and limits the spaces" {
	draw ada.jpg ada
	echo "smartykey0123456789 spaces=5,6" >>keys
	persons="/api/v1/persons"
	auth="oauth_token=smartykey0123456789&oauth_provider=mcs"
	ask POST "$persons/set?$auth" -F file=@ada.jpg -F 'meta={"space":"5","images":[{"name":"file","person_id":1}]}'
	[ "$http" = 200 ]
	ask POST "$persons/recognize?$auth" -F file=@ada.jpg -F 'meta={"space":"5","images":[{"name":"file"}]}'
	[[ $output == *'"tag": "person1"'* ]]
	ask POST "$persons/truncate?$auth" -F 'meta={"space":"7"}'
	[ "$http" = 403 ]
	[[ $output == *'"body": "the token has no access to this space"'* ]]
	ask POST "$persons/truncate?oauth_token=x&oauth_provider=mcs" -F 'meta={"space":"5"}'
	[ "$http" = 403 ]
	[[ $output == *'"status": 403'* ]]
	ask POST "$persons/truncate?oauth_token=&oauth_provider=mcs" -F 'meta={"space":"5"}'
	[ "$http" = 403 ]
}

@test "NeuroIO and SERP: the key is the token, and selects the space and the dialect" {
	draw ada.jpg ada
	"$FACECTL" --quiet --gallery "$PWD/gallery" origins create door --space lobby
	"$FACECTL" --quiet --gallery "$PWD/gallery" origins create roof --space attic
	printf 'lobbykey01234567 spaces=lobby\nattickey01234567 spaces=attic dialect=serp\n' >>keys
	ask POST /v1/persons/ --header "Authorization: Token lobbykey01234567" -F image=@ada.jpg -F source=door
	[ "$http" = 201 ]
	ask POST /v1/persons/ --header "Authorization: Token lobbykey01234567" -F image=@ada.jpg -F source=roof
	[ "$http" = 400 ]
	ask POST /v1/persons/search/ --header "Authorization: Token lobbykey01234567" -F image=@ada.jpg
	[[ $output == *'"result": "exact"'* ]]
	ask GET /v1/entries/ --header "Authorization: Token attickey01234567"
	[ "$http" = 200 ]
	[[ $output == *'"data": []'* ]]
	ask GET /v1/entries/ --header "Authorization: Token nobody"
	[ "$http" = 401 ]
	[[ $output == *'"message":"Unauthorized."'* ]]
	ask GET /v1/entries/
	[ "$http" = 401 ]
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
