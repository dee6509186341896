package dev.redrive.grouping;

import java.util.Locale;
import java.util.Set;

/**
 * Tells a team's own code from what it uses. Java and .NET by namespaces of widely used libraries; the others by the
 * directory in which their package managers put them. What is not known to be a library counts as own.
 */
final class OwnCode {

    private static final Set<String> JAVA = names("""
            _COROUTINE akka arrow brave cats ch.qos clojure cn.hutool co.elastic com.alibaba com.amazonaws com.apollographql
            com.auth0 com.azure com.baomidou com.clickhouse com.couchbase com.datadog com.datastax com.fasterxml
            com.github.benmanes com.github.fge com.github.jasync com.github.kagkarlsson com.github.luben
            com.github.tomakehurst com.google.android com.google.api com.google.auth com.google.cloud
            com.google.common com.google.crypto com.google.firebase com.google.gson com.google.inject
            com.google.protobuf com.hazelcast com.ibm com.jayway com.jcraft com.launchdarkly com.linecorp com.lmax
            com.microsoft com.mongodb com.mysql com.netflix com.networknt com.newrelic com.nimbusds com.opencsv
            com.oracle com.p6spy com.querydsl com.rabbitmq com.samskivert com.sksamuel com.slack com.softwaremill
            com.squareup com.stripe com.sun com.thoughtworks com.twilio com.twitter com.typesafe com.unboundid com.vladmihalcea
            com.zaxxer dev.failsafe doobie feign freemarker fs2 graphql groovy io.aeron io.apicurio io.arrow
            io.awspring io.camunda io.cloudevents io.confluent io.dapr io.debezium io.dropwizard io.circe io.ebean
            io.getunleash io.github.resilience4j io.grpc io.helidon io.hypersistence io.jsonwebtoken io.kotest
            io.ktor io.lettuce io.micrometer io.micronaut io.minio io.mockk io.nats io.netty io.opentelemetry
            io.opentracing io.quarkus io.r2dbc io.reactivex io.rsocket io.sentry io.smallrye io.swagger io.temporal
            io.vavr io.vertx jakarta java javassist javax jdk kotlin kotlinx liquibase monix net.bytebuddy net.jodah
            net.jpountz net.logstash net.minidev net.sf net.snowflake okhttp3 okio oracle org.agrona org.aopalliance
            org.apache org.aspectj org.assertj org.asynchttpclient org.axonframework org.bouncycastle org.bson
            org.camunda org.codehaus org.dom4j org.eclipse org.ehcache org.elasticsearch org.everit org.flywaydb
            org.glassfish org.graalvm org.h2 org.hibernate org.http4k org.ietf org.infinispan org.jboss org.jctools
            org.jdbi org.jdom org.jetbrains org.jobrunr org.joda org.jooq org.json org.junit org.keycloak org.koin
            org.ktorm org.mapstruct org.mariadb org.mockito org.modelmapper org.mongodb org.mozilla org.mybatis
            org.neo4j org.opensearch org.opentest4j org.postgresql org.quartz org.reactivestreams org.redisson
            org.rocksdb org.slf4j org.springframework org.sqlite org.threeten org.thymeleaf org.w3c org.wildfly
            org.xerial org.xml org.yaml play reactor redis.clients retrofit2 scala slick software.amazon sttp sun
            tools.jackson zio zipkin2""");
    private static final Set<String> DOTNET = names("""
            Akka Amazon Ardalis AutoMapper Autofac Avro Azure Cassandra Castle ClosedXML Confluent Couchbase
            CsvHelper Dapper Dapr Datadog DotNetCore Duende EasyNetQ Elastic Elasticsearch FluentValidation Flurl
            Google Grpc Hangfire Humanizer IdentityModel Jasper KafkaFlow LinqToDB MailKit Mapster Marten MassTransit
            MediatR Microsoft Minio MongoDB MySql MySqlConnector NLog NServiceBus Nest NewRelic Newtonsoft NodaTime
            Npgsql OpenTelemetry Oracle Orleans Paramore Polly Pomelo Quartz RabbitMQ Rebus Refit RestSharp Rx
            SendGrid Sentry Serilog ServiceStack Silverback StackExchange Streamiz Stripe System Wolverine xunit""");
    private static final String[] DIRECTORIES = {
        "/site-packages/",
        "/dist-packages/",
        "/lib/python",
        "<frozen ",
        "/node_modules/",
        "/vendor/",
        "/pkg/mod/",
        "/usr/local/go/src/",
        "/usr/lib/go",
        "/go/src/runtime/",
        "/gems/",
        "/lib/ruby/",
        "<internal:",
        "/usr/share/php/",
        "node:",
        "_testmain.go",
        "/bundler/",
        "webpack/bootstrap"
    };
    private static final String[] OUTER_TYPES = {
        "Loop",
        "Dispatcher",
        "Interceptor",
        "Executor",
        "Poller",
        "Launcher",
        "Bootstrap",
        "Application",
        "Main",
        "Worker",
        "Scheduler",
        "Aspect",
        "ThreadPool",
        "Middleware",
        "Program"
    };
    private static final Set<String> OUTER_FILES = Set.of(
            "main",
            "__main__",
            "worker",
            "workers",
            "index",
            "app",
            "server",
            "run",
            "runner",
            "consumer",
            "cli",
            "bootstrap",
            "manage",
            "wsgi",
            "asgi",
            "loop",
            "dispatcher",
            "middleware",
            "decorators",
            "program");

    private OwnCode() {}

    private static Set<String> names(String list) {
        return Set.of(list.split("\\s+"));
    }

    static boolean isJavaLibrary(String type) {
        return isBelow(type, JAVA);
    }

    static boolean isDotnetLibrary(String type) {
        return isBelow(type, DOTNET);
    }

    /** Of Python, Node, Ruby, PHP and Go: whether a source file was installed and not written. */
    static boolean isLibraryFile(String path) {
        String unix = path.replace('\\', '/');
        for (String directory : DIRECTORIES) {
            if (unix.contains(directory)) {
                return true;
            }
        }
        return unix.isEmpty()
                || unix.startsWith("internal/")
                || unix.equals("<string>")
                || unix.equals("<anonymous>")
                || unix.equals("native");
    }

    /** By the class's own name: {@code com.acme.runtime.ConsumerLoop$Task} is outer, being a loop. */
    static boolean isOuterType(String type) {
        int dollar = type.indexOf('$');
        String outermost = dollar > 0 ? type.substring(0, dollar) : type;
        for (String ending : OUTER_TYPES) {
            if (outermost.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    static boolean isOuterFile(String stem) {
        return OUTER_FILES.contains(stem.toLowerCase(Locale.ROOT));
    }

    /** Whether the first one to four parts of a dotted name are one of the namespaces. */
    private static boolean isBelow(String name, Set<String> namespaces) {
        int dot = name.indexOf('.');
        for (int parts = 0; dot > 0 && parts < 4; parts++) {
            if (namespaces.contains(name.substring(0, dot))) {
                return true;
            }
            dot = name.indexOf('.', dot + 1);
        }
        return false;
    }
}
