#!/usr/bin/env bats
# Other processes that are stopped or slow: the others say which, in time, and doctor names them.

load helper

facectl() {
	"$FACECTL" --gallery gallery "$@"
}

# hold_lock: a process that holds the lock of a writer and is stopped; $holder.
hold_lock() {
	mkfifo ready
	python3 -c 'import fcntl, os, struct, time
lock = os.open("gallery/write.lock", os.O_RDWR)
fcntl.fcntl(lock, 37, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 1, 0))
os.pwrite(lock, b"%-31d\n" % os.getpid(), 0)
open("ready", "w").close()
time.sleep(60)' &
	holder=$!
	cat ready
	kill -STOP "$holder"
}

@test "a stopped writer is named by those who wait for it, and by doctor" {
	expect 0 "$WRITE_LOG" gallery 10 1
	hold_lock
	expect 75 facectl --lock-timeout 200ms spaces delete door -y
	says err "is being written by process $holder: waited 0.2 s"
	expect 0 facectl spaces list
	run_split facectl doctor
	says out "process $holder is writing and is stopped"
	says out 'kill -CONT'
	kill -KILL "$holder"
	wait "$holder" || true
	expect 0 facectl spaces delete door -y
	run_split facectl doctor
	says out 'no other process reads or writes the gallery'
}

@test "doctor names a stopped reader, and how old the state is that it reads" {
	expect 0 "$WRITE_LOG" gallery 10 1
	"$WRITE_LOG" gallery hold &
	reader=$!
	until grep -q '^State:.T' "/proc/$reader/status"; do sleep 0.01; done
	expect 0 facectl spaces update door --ha 77
	run_split facectl doctor
	says out "process $reader is reading a state of 1 change ago and is stopped"
	says out 'kill -CONT'
	kill -CONT "$reader"
	wait "$reader"
	run_split facectl doctor
	says out 'no other process reads or writes the gallery'
}

@test "an export into a pipe that is not read does not hold on to the gallery" {
	expect 0 "$WRITE_LOG" gallery 5000 20
	mkfifo pipe
	"$FACECTL" --gallery gallery gallery export --with entries >pipe &
	pid=$!
	exec 9<pipe
	# until the pipe is full
	python3 -c 'import fcntl, struct, termios, time
while struct.unpack("i", fcntl.ioctl(9, termios.FIONREAD, b"\0" * 4))[0] < 60000: time.sleep(0.01)'
	run_split facectl doctor
	says out 'no other process reads or writes the gallery'
	expect 75 facectl --lock-timeout 200ms gallery compact
	says err "in use by process $pid: waited 0.2 s"
	expect 0 facectl spaces update door --ha 77
	kill "$pid"
	exec 9<&-
	wait "$pid" || true
	expect 0 facectl gallery compact
}
