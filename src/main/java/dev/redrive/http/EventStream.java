package dev.redrive.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Duration;
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
    private static final Duration LIFETIME = Duration.ofMinutes(30);

    private final Vertx vertx;
    private final AtomicInteger open;
    private final Duration lifetime;

    /** @param open how many browsers listen, of all event loops */
    EventStream(Vertx vertx, AtomicInteger open) {
        this(vertx, open, LIFETIME);
    }

    /** @param lifetime of one connection */
    EventStream(Vertx vertx, AtomicInteger open, Duration lifetime) {
        this.vertx = vertx;
        this.open = open;
        this.lifetime = lifetime;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("streamEvents")
                .addHandler(Call.streaming(call -> listen(call.response(), call.header("Last-Event-ID") != null)));
    }

    /** @return when the browser is gone, or was sent away, and nothing of it is left here */
    Future<Void> listen(HttpServerResponse response, boolean resumed) {
        var listener = new Listener(response);
        listener.open(resumed);
        return listener.over.future();
    }

    /** One browser. Its ids count up within the connection. */
    private final class Listener {

        private final HttpServerResponse response;
        private final AtomicLong position = new AtomicLong();
        private final Promise<Void> over = Promise.promise();

        private boolean missed;

        Listener(HttpServerResponse response) {
            this.response = response;
        }

        void open(boolean resumed) {
            if (response.closed()) {
                // It left while it was found out who it is; no handler would be called any more.
                over.tryComplete();
                return;
            }
            response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
            // A reverse proxy such as nginx must not collect what is meant to arrive now.
            response.putHeader("X-Accel-Buffering", "no");
            missed = resumed;
            open.incrementAndGet();
            var subscription =
                    vertx.eventBus().<JsonObject>localConsumer(Changes.ADDRESS, message -> tell(message.body()));
            long heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> response.write(": alive\n\n"));
            long end = vertx.setTimer(lifetime.toMillis(), timer -> response.end());
            over.future().onComplete(gone -> {
                vertx.cancelTimer(heartbeat);
                vertx.cancelTimer(end);
                subscription.unregister();
                open.decrementAndGet();
            });
            // Not the close handler: on a connection that is kept alive nobody calls it after our own end.
            response.endHandler(gone -> over.tryComplete());
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
            if (missed && !response.ended()) {
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
