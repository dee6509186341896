package dev.redrive.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Arrays;

/** The contract and the catalogue of problems, for people and for generators of clients. */
final class ContractRoutes implements Routes {

    private final Contract contract;

    ContractRoutes(Contract contract) {
        this.contract = contract;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        var json = contract.json().toBuffer();
        var problems = new JsonObject()
                .put(
                        "items",
                        new JsonArray(Arrays.stream(ProblemCode.values())
                                .map(ProblemCode::toJson)
                                .toList()));
        routes.getRoute("getContractYaml")
                .addHandler(Call.streaming(call -> call.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml; charset=utf-8")
                        .end(contract.yaml())));
        routes.getRoute("getContractJson")
                .addHandler(Call.streaming(call -> call.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(json)));
        routes.getRoute("listProblems").addHandler(Call.answering(call -> Future.succeededFuture(Reply.ok(problems))));
    }
}
