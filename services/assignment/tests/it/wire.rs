//! The service as it is started in production: over NATS and a socket, with a token.
