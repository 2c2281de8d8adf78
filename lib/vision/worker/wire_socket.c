/* Send and receive whole frames. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/wire_socket.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/file.h"

/* Room for one descriptor in a message; the union aligns it (cmsg(3)). */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* Get the descriptor that was passed with a message; close further ones. */
static void take_descriptor(struct msghdr *message, int *passed_fd)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS ||
		    part->cmsg_len != CMSG_LEN(sizeof(int))) {
			continue;
		}
		int fd;
		memcpy(&fd, CMSG_DATA(part), sizeof(fd));
		if (*passed_fd < 0) {
			*passed_fd = fd;
		} else {
			fc_fd_close(&fd);
		}
	}
}

static ssize_t receive_some(int socket, void *data, size_t length, int flags, int *passed_fd)
{
	union control control;
	struct iovec part = { .iov_base = data, .iov_len = length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	if (passed_fd) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	ssize_t got = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
	if (got > 0 && passed_fd) {
		take_descriptor(&message, passed_fd);
	}
	return got;
}

/* *out: how many bytes of the frame are missing. Returns false when its header is invalid or its kind is not expected. */
static bool missing_bytes(const struct fc_buffer *frame, unsigned kinds, size_t *out)
{
	enum fc_wire_kind kind;
	size_t length = 0;
	if (frame->length < FC_WIRE_HEADER_SIZE) {
		*out = FC_WIRE_HEADER_SIZE - frame->length;
		return true;
	}
	if (!fc_wire_header(frame->data, &kind, &length) || !(kinds & FC_WIRE_BIT(kind))) {
		return false;
	}
	*out = FC_WIRE_HEADER_SIZE + length - frame->length;
	return true;
}

enum fc_wire_progress fc_wire_receive(int socket, struct fc_buffer *frame, unsigned kinds,
				      bool wait, int *passed_fd)
{
	for (;;) {
		uint8_t block[65536];
		size_t missing = 0;
		if (!fc_buffer_ok(frame)) {
			return FC_WIRE_NO_MEMORY;
		}
		if (!missing_bytes(frame, kinds, &missing)) {
			return FC_WIRE_BROKEN;
		}
		if (missing == 0) {
			return FC_WIRE_WHOLE;
		}
		size_t length = missing < sizeof(block) ? missing : sizeof(block);
		ssize_t got =
			receive_some(socket, block, length, wait ? 0 : MSG_DONTWAIT, passed_fd);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			return FC_WIRE_PARTIAL;
		}
		if (got <= 0) {
			return FC_WIRE_CLOSED;
		}
		fc_buffer_append(frame, block, (size_t)got);
	}
}

struct fc_reader fc_wire_payload(const struct fc_buffer *frame, enum fc_wire_kind *kind)
{
	size_t length = 0;
	if (frame->length < FC_WIRE_HEADER_SIZE || !fc_wire_header(frame->data, kind, &length) ||
	    length != frame->length - FC_WIRE_HEADER_SIZE) {
		return (struct fc_reader){ .failed = true };
	}
	return fc_reader_of(frame->data + FC_WIRE_HEADER_SIZE, length);
}

static ssize_t send_some(int socket, uint8_t *data, size_t length, int fd)
{
	union control control = { .bytes = { 0 } };
	struct iovec part = { .iov_base = data, .iov_len = length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool fc_wire_send(int socket, struct fc_buffer *frame, int fd, int timeout)
{
	size_t done = 0;
	while (fc_buffer_ok(frame) && done < frame->length) {
		ssize_t sent = send_some(socket, frame->data + done, frame->length - done, fd);
		if (sent > 0) {
			done += (size_t)sent;
			fd = -1;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			struct pollfd room = { .fd = socket, .events = POLLOUT };
			int ready = poll(&room, 1, timeout);
			if (ready == 0 || (ready < 0 && errno != EINTR)) {
				return false;
			}
		} else if (errno != EINTR) {
			return false;
		}
	}
	return fc_buffer_ok(frame) && done > 0;
}
