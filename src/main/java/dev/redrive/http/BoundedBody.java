package dev.redrive.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Collects the body of a paused request, up to a limit that holds for chunked bodies as well. */
final class BoundedBody {

    private final HttpServerRequest request;
    private final long limit;
    private final Buffer collected = Buffer.buffer();
    private final Promise<Buffer> whole = Promise.promise();

    private BoundedBody(HttpServerRequest request, long limit) {
        this.request = request;
        this.limit = limit;
    }

    /** @param limit in bytes; a larger body fails with {@code payload-too-large} and is not read to its end */
    static Future<Buffer> read(HttpServerRequest request, long limit) {
        var body = new BoundedBody(request, limit);
        var announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && (announced.length() > 18 || Long.parseLong(announced) > limit)) {
            return Future.failedFuture(body.tooLarge());
        }
        request.handler(body::add)
                .endHandler(end -> body.whole.tryComplete(body.collected))
                .exceptionHandler(body.whole::tryFail)
                .resume();
        return body.whole.future();
    }

    private void add(Buffer chunk) {
        if (collected.length() + (long) chunk.length() > limit) {
            request.pause();
            whole.tryFail(tooLarge());
        } else {
            collected.appendBuffer(chunk);
        }
    }

    private RefusedException tooLarge() {
        return new RefusedException(ProblemCode.PAYLOAD_TOO_LARGE, "The body may have " + limit + " bytes at most");
    }
}
