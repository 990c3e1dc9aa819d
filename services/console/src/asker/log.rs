//! The calls to the log of a service, which each of them serves.

use super::{Asker, answer};
use contracts::log::{
    GetParkedRequest, GetParkedResponse, ListDecisionsRequest, ListDecisionsResponse, ListForksRequest,
    ListForksResponse, ListParkedRequest, ListParkedResponse, RetryParkedRequest, RetryParkedResponse,
    SettleForkRequest, SettleForkResponse, SkipParkedRequest, SkipParkedResponse, log_service_client::LogServiceClient,
};
use kit_core::Problem;

macro_rules! calls {
    ($( $call:ident($request:ident) -> $response:ident ),* $(,)?) => {
        impl Asker {
            $(
                pub(crate) async fn $call(&self, service: &str, message: $request) -> Result<$response, Problem> {
                    let mut client = LogServiceClient::new(self.peers.channel(service));
                    answer(client.$call(self.request(message)).await)
                }
            )*
        }
    };
}

calls! {
    list_parked(ListParkedRequest) -> ListParkedResponse,
    get_parked(GetParkedRequest) -> GetParkedResponse,
    retry_parked(RetryParkedRequest) -> RetryParkedResponse,
    skip_parked(SkipParkedRequest) -> SkipParkedResponse,
    list_forks(ListForksRequest) -> ListForksResponse,
    settle_fork(SettleForkRequest) -> SettleForkResponse,
    list_decisions(ListDecisionsRequest) -> ListDecisionsResponse,
}
