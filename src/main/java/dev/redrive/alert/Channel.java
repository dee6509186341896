package dev.redrive.alert;

import io.vertx.core.Future;

/** One way to tell one endpoint. Used on the event loop that opened it. */
interface Channel {

    /** One attempt. @return never fails: what went wrong is an answer, and it does not hold the address */
    Future<Answer> send(OutboxStore.Claim claim);

    Future<Void> close();
}
