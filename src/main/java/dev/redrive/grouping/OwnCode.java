package dev.redrive.grouping;

import java.util.Locale;
import java.util.Set;

/**
 * Tells a team's own code from what it uses. Java and .NET by namespaces of widely used libraries; the others by the
 * directory in which their package managers put them. What is not known to be a library counts as own.
 */
final class OwnCode {

    private static final Set<String> JAVA = Set.of(
            "akka",
            "arrow",
            "brave",
            "cats",
            "ch.qos",
            "clojure",
            "co.elastic",
            "com.amazonaws",
            "com.azure",
            "com.datadog",
            "com.fasterxml",
            "com.github.benmanes",
            "com.google.api",
            "com.google.cloud",
            "com.google.common",
            "com.google.gson",
            "com.google.inject",
            "com.google.protobuf",
            "com.ibm",
            "com.jayway",
            "com.lmax",
            "com.microsoft",
            "com.mongodb",
            "com.mysql",
            "com.netflix",
            "com.networknt",
            "com.newrelic",
            "com.squareup",
            "com.sun",
            "com.thoughtworks",
            "com.typesafe",
            "com.zaxxer",
            "dev.failsafe",
            "feign",
            "groovy",
            "io.apicurio",
            "io.arrow",
            "io.cloudevents",
            "io.confluent",
            "io.debezium",
            "io.dropwizard",
            "io.github.resilience4j",
            "io.grpc",
            "io.helidon",
            "io.ktor",
            "io.lettuce",
            "io.micrometer",
            "io.micronaut",
            "io.netty",
            "io.opentelemetry",
            "io.opentracing",
            "io.quarkus",
            "io.r2dbc",
            "io.reactivex",
            "io.sentry",
            "io.smallrye",
            "io.vertx",
            "jakarta",
            "java",
            "javassist",
            "javax",
            "jdk",
            "kotlin",
            "kotlinx",
            "liquibase",
            "net.bytebuddy",
            "net.jodah",
            "net.sf",
            "okhttp3",
            "okio",
            "oracle",
            "org.aopalliance",
            "org.apache",
            "org.aspectj",
            "org.axonframework",
            "org.bouncycastle",
            "org.codehaus",
            "org.eclipse",
            "org.elasticsearch",
            "org.flywaydb",
            "org.glassfish",
            "org.h2",
            "org.hibernate",
            "org.jboss",
            "org.jctools",
            "org.jooq",
            "org.json",
            "org.junit",
            "org.mariadb",
            "org.mockito",
            "org.mongodb",
            "org.mybatis",
            "org.opensearch",
            "org.postgresql",
            "org.reactivestreams",
            "org.redisson",
            "org.slf4j",
            "org.springframework",
            "org.sqlite",
            "org.wildfly",
            "org.yaml",
            "play",
            "reactor",
            "redis.clients",
            "retrofit2",
            "scala",
            "software.amazon",
            "sun",
            "zio",
            "zipkin2");
    private static final Set<String> DOTNET = Set.of(
            "Amazon",
            "AutoMapper",
            "Autofac",
            "Avro",
            "Azure",
            "Castle",
            "Confluent",
            "Dapper",
            "DotNetCore",
            "Elastic",
            "FluentValidation",
            "Google",
            "Grpc",
            "Hangfire",
            "KafkaFlow",
            "MassTransit",
            "MediatR",
            "Microsoft",
            "MongoDB",
            "MySql",
            "NLog",
            "NServiceBus",
            "Newtonsoft",
            "Npgsql",
            "OpenTelemetry",
            "Oracle",
            "Polly",
            "Quartz",
            "RabbitMQ",
            "Rebus",
            "Refit",
            "RestSharp",
            "Serilog",
            "Silverback",
            "StackExchange",
            "Streamiz",
            "System");
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
        "internal/",
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
        return unix.isEmpty() || unix.equals("<string>") || unix.equals("<anonymous>") || unix.equals("native");
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
