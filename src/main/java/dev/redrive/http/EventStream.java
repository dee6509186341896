package dev.redrive.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Server-sent events for the UI. A hint only says "ask again", so a slow browser may miss some: it gets a resync as
 * soon as it reads again. Hints are not kept, so whoever comes back with a Last-Event-ID gets a resync first.
 */
final class EventStream implements Routes {

    /** Below the 60 s after which common proxies drop a silent connection. */
    private static final long HEARTBEAT_MILLIS = 15_000;

    /** The browser comes back by itself; until then a session that ended could go on listening. */
    private static final long LIFETIME_MILLIS = 30 * 60_000;

    private final Vertx vertx;
    private final AtomicInteger open;

    /** @param open how many browsers listen, of all event loops */
    EventStream(Vertx vertx, AtomicInteger open) {
        this.vertx = vertx;
        this.open = open;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("streamEvents").addHandler(Call.streaming(this::serve));
    }

    private Future<Void> serve(Call call) {
        var listener = new Listener(call.response());
        listener.open(call.header("Last-Event-ID") != null);
        return listener.closed.future();
    }

    /** One browser. Its ids count up within the connection. */
    private final class Listener {

        private final HttpServerResponse response;
        private final AtomicLong position = new AtomicLong();
        private final Promise<Void> closed = Promise.promise();

        private boolean missed;

        Listener(HttpServerResponse response) {
            this.response = response;
        }

        void open(boolean resumed) {
            response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
            // A reverse proxy such as nginx must not collect what is meant to arrive now.
            response.putHeader("X-Accel-Buffering", "no");
            missed = resumed;
            open.incrementAndGet();
            var subscription =
                    vertx.eventBus().<JsonObject>localConsumer(Changes.ADDRESS, message -> tell(message.body()));
            long heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> response.write(": alive\n\n"));
            long end = vertx.setTimer(LIFETIME_MILLIS, timer -> response.end());
            response.closeHandler(gone -> {
                vertx.cancelTimer(heartbeat);
                vertx.cancelTimer(end);
                subscription.unregister();
                open.decrementAndGet();
                closed.tryComplete();
            });
            // The browser waits this long before it reconnects, ms.
            response.write("retry: 3000\n\n");
            catchUp();
        }

        private void tell(JsonObject hint) {
            if (response.writeQueueFull()) {
                missed = true;
                response.drainHandler(drained -> catchUp());
            } else if (hint.containsKey(Changes.RESYNC)) {
                write("resync", new JsonObject());
            } else {
                write("changed", hint);
            }
        }

        private void catchUp() {
            if (missed) {
                missed = false;
                write("resync", new JsonObject());
            }
        }

        private void write(String event, JsonObject data) {
            response.write(
                    "id: " + position.incrementAndGet() + "\nevent: " + event + "\ndata: " + data.encode() + "\n\n");
        }
    }
}
