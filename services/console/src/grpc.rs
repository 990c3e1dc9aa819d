//! The console's one gRPC method: where its pages are.

use contracts::console::{GetAddressRequest, GetAddressResponse, console_service_server::ConsoleService};
use tonic::{Request, Response, Status};

pub(crate) struct Address {
    pub(crate) url: String,
}

#[tonic::async_trait]
impl ConsoleService for Address {
    async fn get_address(&self, _: Request<GetAddressRequest>) -> Result<Response<GetAddressResponse>, Status> {
        Ok(Response::new(GetAddressResponse { url: self.url.clone() }))
    }
}
