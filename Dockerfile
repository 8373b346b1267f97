# Build: docker build --build-arg VERSION=$(git describe --tags --always) -t earshot:local .

FROM node:20-bookworm-slim AS web
WORKDIR /src/dashboards/web
COPY dashboards/web/package.json dashboards/web/package-lock.json dashboards/web/.npmrc ./
RUN npm ci
COPY dashboards/web ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/dashboards/web/dist ./dashboards/web/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/earshot ./cmd/earshot

FROM debian:bookworm-slim
# curl is for the health checks of docker-compose.yml.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin earshot
COPY --from=build /out/earshot /usr/local/bin/earshot
USER 10001
# Metrics and health of a worker; page and API.
EXPOSE 9464 8080
ENTRYPOINT ["earshot"]
CMD ["--help"]
