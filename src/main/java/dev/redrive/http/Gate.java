package dev.redrive.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** The one check before every operation of the contract. */
public interface Gate {

    /**
     * Decides before a body is read and before any parameter is looked at.
     *
     * @return who calls; fails with {@link RefusedException} where the caller may not do this
     */
    Future<Caller> admit(HttpServerRequest request, String operationId);

    /** Whether it was decided who may call the operation; one that nobody thought of keeps the server from starting. */
    boolean knows(String operationId);
}
