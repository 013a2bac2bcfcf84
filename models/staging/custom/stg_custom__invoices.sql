{{ stage('custom', 'invoices') }}
