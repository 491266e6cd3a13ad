using Counter.Gateway.Operations;

return await StartUp.RunAsync(args);
