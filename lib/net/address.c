/* Network addresses that are not public. */
/* SPDX-License-Identifier: MIT */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

struct range {
	uint8_t bytes[16];
	unsigned bits;
};

static const struct range special4[] = {
	{ { 0 }, 8 },
	{ { 10 }, 8 },
	{ { 100, 64 }, 10 },
	{ { 127 }, 8 },
	{ { 169, 254 }, 16 },
	{ { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },
	{ { 192, 0, 2 }, 24 },
	{ { 192, 168 }, 16 },
	{ { 198, 18 }, 15 },
	{ { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 3 },
};

static const struct range special6[] = {
	{ { 0 }, 8 },    /* :: and ::1; IPv4 addresses inside are read before */
	{ { 0x01 }, 8 }, /* 100::/64, discarded */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
	{ { 0x20, 0x01, 0 }, 23 },
	{ { 0xfc }, 7 },
	{ { 0xfe, 0x80 }, 10 },
	{ { 0xfe, 0xc0 }, 10 },
	{ { 0xff }, 8 },
};

static bool is_in(const uint8_t *address, const struct range *range)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;
	if (memcmp(address, range->bytes, whole) != 0) {
		return false;
	}
	uint8_t mask = (uint8_t)(0xff << (8 - rest));
	return rest == 0 || ((address[whole] ^ range->bytes[whole]) & mask) == 0;
}

static bool is_public4(const uint8_t *address)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(special4); i++) {
		if (is_in(address, &special4[i])) {
			return false;
		}
	}
	return true;
}

static bool is_public6(const uint8_t *address)
{
	static const struct range mapped = { { [10] = 0xff, [11] = 0xff }, 96 };
	static const struct range translated = { { 0x00, 0x64, 0xff, 0x9b }, 96 };
	static const struct range six_to_four = { { 0x20, 0x02 }, 16 };
	if (is_in(address, &mapped) || is_in(address, &translated)) {
		return is_public4(address + 12);
	}
	if (is_in(address, &six_to_four)) {
		return is_public4(address + 2);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(special6); i++) {
		if (is_in(address, &special6[i])) {
			return false;
		}
	}
	return true;
}

bool fc_address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;
		memcpy(&four, address, sizeof(four));
		return is_public4((const uint8_t *)&four.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;
		memcpy(&six, address, sizeof(six));
		return is_public6((const uint8_t *)&six.sin6_addr);
	}
	return false;
}
