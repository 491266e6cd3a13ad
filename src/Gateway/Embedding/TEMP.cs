namespace Counter.Gateway.Embedding; internal static class E { public static void AddEmbedding(this IServiceCollection s){} public static void MapEmbedding(this IEndpointRouteBuilder a){} }
