/* Which addresses are public. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/compiler.h"
#include "net/address.h"

static bool is_public(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
		return fc_address_is_public((const struct sockaddr *)&four);
	}
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return fc_address_is_public((const struct sockaddr *)&six);
}

static void addresses_of_private_networks_are_not_public(void **state)
{
	static const char *const special[] = {
		"0.0.0.0",
		"10.1.2.3",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.254",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.168.1.1",
		"192.0.0.1",
		"198.18.0.1",
		"198.19.255.255",
		"224.0.0.1",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::ffff:10.0.0.1",
		"::ffff:127.0.0.1",
		"64:ff9b::192.168.0.1",
		"2002:a00:1::1",
		"::127.0.0.1",
		"fc00::1",
		"fd12:3456::1",
		"fe80::1",
		"fec0::1",
		"ff02::1",
		"2001:db8::1",
		"2001::1",
	};
	(void)state;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(special); i++) {
		if (is_public(special[i])) {
			fail_msg("%s", special[i]);
		}
	}
	const struct sockaddr local = { .sa_family = AF_UNIX };
	assert_false(fc_address_is_public(&local));
}

static void other_addresses_are_public(void **state)
{
	static const char *const usual[] = {
		"8.8.8.8",           "93.184.216.34",        "100.63.255.255",
		"100.128.0.1",       "126.255.255.255",      "172.15.255.255",
		"172.32.0.1",        "192.167.255.255",      "198.17.255.255",
		"198.20.0.1",        "223.255.255.255",      "2606:4700::1111",
		"2a00:1450:4001::",  "::ffff:93.184.216.34", "64:ff9b::8.8.8.8",
		"2002:5db8:d822::1", "2001:4860:4860::8888",
	};
	(void)state;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(usual); i++) {
		if (!is_public(usual[i])) {
			fail_msg("%s", usual[i]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_private_networks_are_not_public),
		cmocka_unit_test(other_addresses_are_public),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
