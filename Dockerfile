# docker build -t redrive .                    the product; --build-arg REVISION=$(git rev-parse --short=12 HEAD) tells
#                                              redrive_build_info what it was built from: git is not in the context
# Behind a proxy that opens TLS: --build-arg BUILD_CA="$(cat its-ca.pem)", one certificate, for downloads alone: it
#                                              stays in the stages that build and is not in the images.
# docker build -t redrive-shop --target shop . a shop whose consumers really fail, for docker-compose.yml

FROM node:22-bookworm-slim AS node

# The build of CONTRIBUTING.md, without the tests: they need a broker and a browser.
FROM eclipse-temurin:25-jdk AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
ARG BUILD_CA=
RUN if [ -n "$BUILD_CA" ]; then printf '%s\n' "$BUILD_CA" > /usr/local/share/ca-certificates/build.crt \
 && update-ca-certificates \
 && keytool -importcert -noprompt -cacerts -storepass changeit -alias build -file /usr/local/share/ca-certificates/build.crt; fi
# npm brings a list of its own, to which this adds the system's.
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
WORKDIR /src
# What changes seldom comes first: these layers are kept as long as versions stay.
COPY ui/package.json ui/package-lock.json ui/.npmrc ui/
RUN cd ui && npm ci
COPY mvnw pom.xml ./
COPY .mvn .mvn
RUN ./mvnw -B -q dependency:resolve dependency:resolve-plugins
COPY . .
ARG REVISION=
RUN ./mvnw -B -q -DskipTests -Dspotless.check.skip=true "-Drevision=$REVISION" package
RUN jar tf target/redrive.jar | grep '\.class$' | grep -vE '^META-INF|-info\.class$' | sed 's/\.class$//' \
  | cat "$JAVA_HOME/lib/classlist" - > classes.lst

# The shop is test code: its classes, and the frameworks its consumers are written with.
FROM build AS shop-build
RUN ./mvnw -B -q dependency:copy-dependencies -DincludeScope=test -DoutputDirectory=/shop/lib \
 && mkdir /shop/smallrye \
 && tr ':' '\n' < target/smallrye.classpath | xargs -I {} cp {} /shop/smallrye/ \
 && find /shop/smallrye -name '*.jar' | paste -s -d ':' > /shop/smallrye.classpath \
 && cp -r target/classes target/test-classes /shop/

FROM eclipse-temurin:25-jre AS shop
RUN useradd --system --uid 10001 --create-home shop
COPY --from=shop-build /shop /shop
USER shop
ENTRYPOINT ["java", "-Xmx384m", "-Dsmallrye.classpath=/shop/smallrye.classpath", "-cp", "/shop/test-classes:/shop/classes:/shop/lib/*", "dev.redrive.dev.shop.Shop"]

FROM eclipse-temurin:25-jre AS redrive
RUN useradd --system --uid 10001 redrive \
 && mkdir /app /var/lib/redrive && chown redrive /var/lib/redrive
WORKDIR /app
COPY --from=build /src/target/redrive.jar /app/redrive.jar
# Every class of the jar in a form that the JVM maps instead of parsing; the start takes a quarter less. A class
# list, and not a trial run, because a build has no broker and no database; made here, because the archive belongs to
# this JVM and this file.
COPY --from=build /src/classes.lst /tmp/classes.lst
RUN java -Xshare:dump -XX:SharedClassListFile=/tmp/classes.lst -XX:SharedArchiveFile=/app/redrive.jsa \
      -cp /app/redrive.jar > /tmp/dump.log 2>&1 || { tail -20 /tmp/dump.log; exit 1; }
USER redrive
ENV REDRIVE_HTTP_HOST=0.0.0.0
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
# Without curl, and without a JVM for each look.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${REDRIVE_MANAGEMENT_PORT:-8081} && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# JAVA_TOOL_OPTIONS adds to these, as in -Xmx.
ENTRYPOINT ["java", "-XX:SharedArchiveFile=/app/redrive.jsa", "-Xshare:auto", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "/app/redrive.jar"]
