using Counter.Silo;

return await StartUp.RunAsync(args);
