package dev.redrive.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of the loopback address. They lie below those that systems give to outgoing connections (from 32768 on Linux,
 * 49152 by RFC 6335): of hundreds of clients one would get, sooner or later, what a server was about to take.
 */
public final class Ports {

    private static final int FIRST = 16_384;
    private static final int COUNT = 16_384;

    /** Test JVMs that run side by side have pids that follow each other, and begin far apart. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 1_021 % COUNT));

    private Ports() {}

    /** A port that is free now, and another one each time; that somebody else takes it before it is used is rare. */
    public static int free() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No port is free between " + FIRST + " and " + (FIRST + COUNT));
    }

    public static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
