// The counter logic has only the attributes; what its records are written and read with is made here.
[assembly: GenerateCodeForDeclaringAssembly(typeof(Counter.Counting.Pages.CountKey))]
