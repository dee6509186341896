package dev.redrive.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** One direction of a connection through {@link TcpProxy}: what goes in comes out later, in the same order. */
final class TcpStretch {

    private final Vertx vertx;
    private final NetSocket to;
    private final LongSupplier delayMillis;
    private final Deque<Runnable> onTheWay = new ArrayDeque<>();

    TcpStretch(Vertx vertx, NetSocket to, LongSupplier delayMillis) {
        this.vertx = vertx;
        this.to = to;
        this.delayMillis = delayMillis;
    }

    void pass(Buffer bytes) {
        later(() -> to.write(bytes));
    }

    void end() {
        later(to::close);
    }

    /** Each timer lets the first one out, whichever it was set for: timers may overtake each other. */
    private void later(Runnable step) {
        long delay = delayMillis.getAsLong();
        if (delay <= 0 && onTheWay.isEmpty()) {
            step.run();
            return;
        }
        onTheWay.add(step);
        vertx.setTimer(Math.max(1, delay), due -> onTheWay.remove().run());
    }
}
