/* Network addresses that are not public. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_ADDRESS_H
#define FC_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * Whether an address is public: an IPv4 or IPv6 address that is not of a range for this machine, private networks, links, multicast or
 * special uses (RFC 6890), also if it is an IPv4 address inside an IPv6 one.
 */
bool fc_address_is_public(const struct sockaddr *address);

#endif
